#!/usr/bin/env bash
# A Slurm of this one machine, for tests: `start FOLDER` and `stop FOLDER`.
#
# The folder holds its configuration, state and logs; SLURM_CONF=FOLDER/slurm.conf makes Slurm's
# commands speak with it. It needs root and Debian's slurm-wlm and munge. Nothing else of the
# machine is touched but /run/munge, and munged where none runs.
set -euo pipefail

[ $# -eq 2 ] || { echo "usage: $0 start|stop FOLDER" >&2; exit 2; }
action=$1
mkdir -p "$2"
folder=$(cd "$2" && pwd)
export SLURM_CONF="$folder/slurm.conf"

# Ends the process of a pid file and waits until it is gone.
end() {
  local process
  [ -f "$1" ] || return 0
  process=$(cat "$1")
  kill "$process" 2>/dev/null || return 0
  for _ in $(seq 100); do kill -0 "$process" 2>/dev/null || return 0; sleep 0.1; done
  kill -9 "$process" 2>/dev/null || true
}

stop() {
  scancel --user=root 2>/dev/null || true
  end "$folder/run/slurmd.pid"
  end "$folder/run/slurmctld.pid"
  [ ! -f "$folder/run/munged-is-ours" ] || end /run/munge/munged.pid
}

start_munge() {
  if munge -n 2>/dev/null | unmunge >/dev/null 2>&1; then return; fi
  install -d -o munge -g munge -m 755 /run/munge
  setpriv --reuid=munge --regid=munge --clear-groups /usr/sbin/munged
  touch "$folder/run/munged-is-ours"
}

start() {
  local host ports descriptor
  # Daemons must not hold what the caller has open: it may wait for their end.
  for descriptor in /proc/$$/fd/*; do
    descriptor=${descriptor##*/}
    if [ "$descriptor" -gt 2 ] && [ "$descriptor" -ne 255 ]; then eval "exec $descriptor>&-"; fi
  done
  host=$(hostname -s)
  mkdir -p "$folder"/{ctld,slurmd,run}
  start_munge
  # Two ports that nobody listens on, so that several may run.
  ports=$(python3 - <<'PY'
import socket
sockets = [socket.socket() for _ in range(2)]
for one in sockets:
    one.bind(("127.0.0.1", 0))
print(*(one.getsockname()[1] for one in sockets))
PY
)
  cat >"$SLURM_CONF" <<CONF
ClusterName=bench-tests
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=${ports% *}
SlurmdPort=${ports#* }
AuthType=auth/munge
SlurmUser=root
SlurmdUser=root
SlurmctldPidFile=$folder/run/slurmctld.pid
SlurmdPidFile=$folder/run/slurmd.pid
SlurmctldLogFile=$folder/run/slurmctld.log
SlurmdLogFile=$folder/run/slurmd.log
StateSaveLocation=$folder/ctld
SlurmdSpoolDir=$folder/slurmd
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SchedulerType=sched/backfill
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
  slurmctld -f "$SLURM_CONF"
  slurmd -f "$SLURM_CONF" -N "$host"
  for _ in $(seq 300); do
    if sinfo -h -o %T 2>/dev/null | grep -q idle; then return; fi
    sleep 0.1
  done
  echo "The node did not become idle; see $folder/run." >&2
  stop
  exit 1
}

case $action in
  start) start ;;
  stop) stop ;;
  *) echo "usage: $0 start|stop FOLDER" >&2; exit 2 ;;
esac
