#!/usr/bin/env bash
# Installs, on Debian as root, the independent programs that the differential and end-to-end tests talk to or compare with.
set -euo pipefail
packages=(tshark chromium xvfb xauth socat ncat openssl protobuf-compiler python3 python3-websockets python3-cbor2 python3-msgpack python3-grpcio python3-protobuf)
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
if [ "${#missing[@]}" -gt 0 ]; then
  echo "Installing ${missing[*]}"
  apt-get update -q >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -qy "${missing[@]}" >/dev/null
fi
