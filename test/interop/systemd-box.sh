#!/usr/bin/env bash
# systemd-box.sh CHECKOUT NODE: becomes systemd, process 1 of a box that has the unit installed.
# It is called in mount, pid, cgroup, ipc and uts namespaces of its own; the network is the caller's.
# Nothing in the box can set a clock, load a module, restart the machine or write to /proc/sys.
set -eu
checkout=$1 node=$2
root=$(mktemp -d)
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs "$root"
cd "$root"
mkdir -p etc/systemd/system etc/ntpconfd proc sys dev run tmp var/lib var/log var/tmp root home old \
  usr/local/bin usr/local/lib/ntpconfd/node_modules
ln -s /run var/run

# The machine's programs, not its settings.
for part in bin sbin lib lib32 lib64 libexec share; do
  if [ -d "/usr/$part" ]; then mkdir "usr/$part"; mount --bind -o ro "/usr/$part" "usr/$part"; fi
  if [ -L "/$part" ]; then cp -P "/$part" "$part"; fi
done
cp /etc/passwd /etc/group /etc/nsswitch.conf /etc/ld.so.cache etc/
echo box >etc/hostname
echo 00000000000000000000000000000001 >etc/machine-id

# Kernel settings are not divided between namespaces: they are there to read.
mount -t proc proc proc
for part in sys bus fs irq; do
  mount --bind "proc/$part" "proc/$part"
  mount -o remount,bind,ro "proc/$part"
done
[ ! -e proc/sysrq-trigger ] || mount --bind /dev/null proc/sysrq-trigger
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs dev
for device in null zero full random urandom tty; do
  touch "dev/$device"
  mount --bind "/dev/$device" "dev/$device"
done
mkdir dev/shm dev/pts
mount -t tmpfs -o mode=1777 tmpfs dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp

# The package as npm installs it, the unit as docs/running.md has it installed.
home=usr/local/lib/ntpconfd
cp -r "$checkout/dist" "$checkout/yang" "$checkout/package.json" "$home/"
chmod 755 "$home/dist/main.js"
mount --bind -o ro "$checkout/node_modules" "$home/node_modules"
ln -s ../lib/ntpconfd/dist/main.js usr/local/bin/ntpconfd
touch usr/local/bin/node
mount --bind -o ro "$node" usr/local/bin/node
cp "$checkout/docs/examples/ntpconfd.service" etc/systemd/system/
(umask 077 && cat >etc/ntpconfd/password)

# Of what a machine starts, the box needs the journal and the unit.
for unit in sysctl modules-load binfmt udevd timesyncd random-seed update-utmp sysusers \
  tmpfiles-setup tmpfiles-setup-dev; do
  ln -s /dev/null "etc/systemd/system/systemd-$unit.service"
done
printf '[Unit]\nRequires=sysinit.target\nAfter=sysinit.target\n' >etc/systemd/system/box.target

pivot_root . old
umount -l /old
# As on a machine: what a service is given by a mount has to come to its namespace.
mount --make-rshared /
forbidden=-sys_time,-sys_boot,-sys_module,-sys_rawio,-syslog,-wake_alarm
exec env -i container=box PATH=/usr/local/bin:/usr/sbin:/usr/bin \
  setpriv --bounding-set "$forbidden" --inh-caps "$forbidden" \
  /lib/systemd/systemd --system --unit=box.target --log-target=journal --show-status=no
