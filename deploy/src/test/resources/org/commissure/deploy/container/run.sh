# As a container engine would: the image read only, its own processes, /tmp and the cache in memory, one volume, no
# rights. Arguments: folder of the unpacked image, folder of the volume, user, and the command.
set -eu
image=$1 volume=$2 user=$3
shift 3
cp /etc/hosts /etc/resolv.conf "$image/etc/"
mount --bind "$image" "$image"
mount -o remount,bind,ro "$image"
mount --rbind /dev "$image/dev"
mount -t proc proc "$image/proc"
mount -t tmpfs tmpfs "$image/tmp"
mount -t tmpfs -o mode=777 tmpfs "$image/var/cache/commissure"
mount --bind "$volume" "$image/srv/commissure"
exec chroot --userspec="$user" "$image" "$@"
