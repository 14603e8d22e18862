#!/usr/bin/env bash
# Installs the clients and daemons that the interoperability suite talks to (Debian, as root).
# chrony conflicts with ntpsec, so it is unpacked beside the system. No daemon is left running.
set -eu
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# No service may start here: a daemon would set this machine's clock.
policy=/usr/sbin/policy-rc.d
made=
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
  made=yes
fi
trap '[ -z "$made" ] || rm -f "$policy"' EXIT
apt-get install -y -qq --no-install-recommends python3-ncclient python3-paramiko python3-lxml \
  python3-cryptography ansible yangcli libyang2-tools ntpsec ntpsec-ntpdig iproute2 util-linux \
  openssh-client tshark sshpass chromium fonts-dejavu-core systemd
if [ ! -x /opt/chrony/usr/sbin/chronyd ]; then
  work=$(mktemp -d)
  (cd "$work" && chmod 755 . && apt-get download -qq chrony && dpkg -x chrony_*.deb /opt/chrony)
  rm -rf "$work"
fi
for program in ansible-playbook yangcli yanglint ntpdig ip unshare nsenter tshark chromium; do
  command -v "$program" >/dev/null || { echo "missing after installation: $program" >&2; exit 1; }
done
echo "peers are installed"
