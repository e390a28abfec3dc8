#!/usr/bin/env bash
# Rehearses the worst day on this machine, on servers of its own: a portal at work, backups taken meanwhile, the database and its disk
# lost, everything restored and proven. Prints what was lost and how long it took; exit code 0 when nothing is missing that had to be there.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
dotnet build BillingPortal -c Release -nologo -clp:ErrorsOnly
dotnet run -c Release --project BillingPortal.Benchmarks -- restore
