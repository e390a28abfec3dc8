#!/bin/sh
# Keeps one segment of PostgreSQL's log, whole or not at all. In postgresql.conf, the archive on another machine's disk:
#   archive_command = '/usr/local/bin/archive-wal.sh %p %f /mnt/wal-archive'
# Exit code 0 tells the server that it may forget the segment.
set -eu
segment=$1 name=$2 archive=$3

if [ -f "$archive/$name" ]; then
  # Kept before a crash of the server. The same is fine; another one of that name belongs to another cluster.
  cmp -s "$segment" "$archive/$name"
  exit
fi
cp "$segment" "$archive/$name.part"
sync "$archive/$name.part"
mv "$archive/$name.part" "$archive/$name"
sync "$archive"
