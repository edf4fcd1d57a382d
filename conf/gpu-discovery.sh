#!/usr/bin/env bash
#
# Tells Spark this machine's GPUs, as {"name": "gpu", "addresses": [...]}. Set it as
# spark.executor.resource.gpu.discoveryScript, or on a standalone worker as spark.worker.resource.gpu.discoveryScript.
#
# A GPU is named by its index, a MIG instance by its UUID. Where CUDA_VISIBLE_DEVICES is set, CUDA shows nothing else, and
# its entries are the addresses.
set -euo pipefail

if [[ -n ${CUDA_VISIBLE_DEVICES:-} ]]; then
  # What is neither an index nor a UUID hides all behind it, as -1, NoDevFiles and "none" do.
  addresses=$(tr ',' '\n' <<< "$CUDA_VISIBLE_DEVICES" | tr -d ' ' | sed -nE '/^([0-9]+|(GPU|MIG)-.+)$/!q; p')
else
  command -v nvidia-smi > /dev/null || {
    echo "gpu-discovery.sh: there is no nvidia-smi: install NVIDIA's driver, or give this machine's workers no GPUs" >&2
    exit 1
  }
  list=$(nvidia-smi -L) || {
    echo "gpu-discovery.sh: nvidia-smi -L failed: $list" >&2
    exit 1
  }
  # GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-…)
  #   MIG 3g.20gb     Device  0: (UUID: MIG-…)
  addresses=$(awk '
    function flush() { if (gpu != "" && !cut) print gpu }
    /^GPU [0-9]+:/ { flush(); gpu = $2; sub(/:/, "", gpu); cut = 0 }
    /^ +MIG /      { cut = 1; uuid = $0; sub(/.*UUID: /, "", uuid); sub(/\).*/, "", uuid); print uuid }
    END            { flush() }' <<< "$list")
fi

awk 'NF { printf "%s\"%s\"", separator, $1; separator = ", " }
  BEGIN { printf "{\"name\": \"gpu\", \"addresses\": [" }
  END   { print "]}" }' <<< "$addresses"
