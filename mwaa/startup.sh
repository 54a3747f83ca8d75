#!/bin/bash
# Run by MWAA on every component before Airflow starts, for at most 5 minutes. Makes dbt's own virtual environment,
# since the constraints of Airflow have no solution with dbt inside.
#
# The CRYPTO_ variables are for trying it elsewhere; MWAA's image needs none of them set.

install_dbt() (
  home="${CRYPTO_AIRFLOW_HOME:-/usr/local/airflow}"
  python="${CRYPTO_PYTHON:-python3}"
  lock="${CRYPTO_DBT_LOCK:-$home/dags/dbt/requirements.txt}"
  venv="$home/dbt-venv"
  # set on MWAA for Airflow's own packages
  unset PIP_CONSTRAINT PIP_USER PYTHONPATH PYTHONHOME

  # the dags folder is filled by another container, which may be slower
  wait_seconds="${CRYPTO_LOCK_WAIT_SECONDS:-60}"
  for ((waited = 0; waited < wait_seconds; waited++)); do
    [ -f "$lock" ] && break
    sleep 1
  done
  if [ ! -f "$lock" ]; then
    echo "ERROR dbt: expected its lock file at $lock, found none after $wait_seconds s: is dbt/ in the dags folder?" >&2
    return 1
  fi

  wanted="$("$python" --version) $(sha256sum < "$lock")"
  if [ "$(cat "$venv/lock.sha256" 2>/dev/null || true)" = "$wanted" ]; then
    echo "dbt: $venv is there already"
    return 0
  fi
  echo "dbt: installing into $venv"
  # the lock names every package, so none is looked for: with hashes, pip would refuse one that is wanted as name[extra]
  rm -rf "$venv" &&
    "$python" -m venv "$venv" &&
    "$venv/bin/python" -m pip install --quiet --no-input --disable-pip-version-check --retries 5 --timeout 30 \
      --only-binary :all: --no-deps --require-hashes -r "$lock" &&
    "$venv/bin/python" -m pip check &&
    "$venv/bin/dbt" --version &&
    echo "$wanted" > "$venv/lock.sha256"
)

# worker: runs tasks. hybrid: scheduler and worker of the smallest class in one. The others run no dbt.
case "${MWAA_AIRFLOW_COMPONENT:-}" in
  worker | hybrid)
    # without dbt no task could do its work: better to fail here, where MWAA keeps what ran before
    install_dbt || {
      echo "ERROR dbt: not installed, for the reason above" >&2
      exit 1
    }
    ;;
  *) echo "dbt: not needed by ${MWAA_AIRFLOW_COMPONENT:-this component}" ;;
esac
