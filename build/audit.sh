#!/usr/bin/env bash
# Asks the package feed for known vulnerabilities of everything in the lock files.
#   build/audit.sh        exit 0: none known; 1: some; 2: this feed knows of none at all, so its silence means nothing
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
probe=$(mktemp -d)
trap 'rm -rf "$probe"' EXIT

# A package whose vulnerability everybody knows (GHSA-5crp-9r3c-p9vr): a feed that does not report it reports nothing.
cat >"$probe/probe.csproj" <<'PROJECT'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework><NuGetAudit>false</NuGetAudit></PropertyGroup>
  <ItemGroup><PackageReference Include="Newtonsoft.Json" Version="12.0.1" /></ItemGroup>
</Project>
PROJECT
(cd "$probe" && dotnet restore -v q -nologo)
if ! (cd "$probe" && dotnet list package --vulnerable) | grep -q GHSA-5crp-9r3c-p9vr; then
  echo "This feed has no list of vulnerabilities. Run build/audit.sh where https://api.nuget.org can be reached directly." >&2
  exit 2
fi

dotnet restore --locked-mode -v q -nologo
found=$(dotnet list package --vulnerable --include-transitive)
echo "$found"
if grep -q 'GHSA-' <<<"$found"; then exit 1; fi
