#!/usr/bin/env bash
# Makes passes.ptx, which GPUs' drivers compile, from passes.cu, after a change of it: make-ptx.sh LIBNVRTC
# LIBNVRTC is a libnvrtc.so.13 of CUDA 13.0 (drivers refuse what a newer one makes), for instance out of the wheel
# nvidia-cuda-nvrtc 13.0.88. Neither a GPU nor the rest of CUDA is needed.
set -euo pipefail
NVRTC=$(readlink -f -- "${1:?which libnvrtc.so.13}")
export NVRTC
cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../../../.."
mvn -B -ntp -q test -pl model -Dtest=PassesPtxTest -Ddensespark.ptx.write=true
git --no-pager diff --stat -- model/src/main/resources
