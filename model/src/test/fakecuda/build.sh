#!/bin/sh
# Builds the fake CUDA: build.sh FOLDER KERNELS.cu puts libfakecuda.so and a shell for each of CUDA's libraries into FOLDER.
# What is there and newer than its sources stays. CXX chooses the compiler.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
kernels=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
cxx=${CXX:-c++}
headers=$(ls "$here"/*.h)
flags="-std=c++17 -g1 -fPIC -fvisibility=hidden -fno-strict-aliasing -ffp-contract=off -I$here"
if grep -qw avx2 /proc/cpuinfo && grep -qw fma /proc/cpuinfo; then flags="$flags -march=x86-64-v3"; fi

stale() { # TARGET SOURCE...: whether the target is missing or older than a source
  target=$1
  shift
  [ ! -e "$target" ] || [ -n "$(find "$@" -newer "$target")" ]
}

# The kernels' names and launch bounds, from the text after macros: one line of addKernel for each.
generate() {
  "$cxx" -E -P -x c++ "$kernels" | tr '\n' ' ' |
    grep -oE '(> *)?__global__ +(void +)?(__launch_bounds__ *\([^()]*(\([^()]*\)[^()]*)*\) *)?(void +)?[A-Za-z_][A-Za-z_0-9]* *\(' |
    grep -v '^>' | sed -E 's/ *\($//' | while read -r line; do
      name=$(printf '%s' "$line" | sed -E 's/.*[^A-Za-z_0-9]//')
      bounds=$(printf '%s' "$line" | sed -nE 's/.*__launch_bounds__ *\(([^,]*)(,.*)?\) *(void *)?[A-Za-z_][A-Za-z_0-9]*$/\1/p')
      printf '  fake::addKernel("%s", %s, %s);\n' "$name" "${bounds:-1024}" "$name"
    done
}

if stale "$out/kernels.cpp" "$kernels" "$here/build.sh"; then
  {
    printf '#include "register.h"\n#include "device.h"\n#include "%s"\n\n' "$kernels"
    printf '__attribute__((constructor)) static void addKernels() {\n'
    generate
    printf '}\n'
  } > "$out/kernels.cpp.new"
  mv "$out/kernels.cpp.new" "$out/kernels.cpp"
fi

objects=
jobs=
for source in "$here"/*.cpp "$out/kernels.cpp"; do
  object=$out/$(basename "$source" .cpp).o
  objects="$objects $object"
  depends="$source $headers $here/build.sh"
  if [ "$source" = "$out/kernels.cpp" ]; then depends="$out/kernels.cpp $kernels $here/device.h $here/register.h $here/fake.h $here/build.sh"; fi
  # shellcheck disable=SC2086
  if stale "$object" $depends; then
    case $(basename "$source") in
      blas.cpp | dnn.cpp | launch.cpp) optimize=-O3 ;; # where the time goes; the others should compile fast
      kernels.cpp) optimize=-O2 ;; # there are many of them
      *) optimize=-O1 ;;
    esac
    # A GPU refuses an access that isn't aligned to its size, where a CPU lets it pass: it ends the JVM (SIGILL).
    checks=
    if [ "$source" = "$out/kernels.cpp" ]; then checks="-fsanitize=alignment -fsanitize-undefined-trap-on-error"; fi
    "$cxx" $flags $optimize $checks -Wall -Wno-unused-function -Wno-unknown-pragmas -Wno-sign-compare -c "$source" -o "$object" &
    jobs="$jobs $!"
  fi
done
for job in $jobs; do wait "$job"; done

# Written beside and renamed: a process that has the old one loaded keeps it.
# shellcheck disable=SC2086
if stale "$out/libfakecuda.so" $objects; then
  link="$cxx -shared -o $out/libfakecuda.so.new $objects -Wl,-soname,libfakecuda.so -Wl,-z,noexecstack -pthread"
  # Other linkers than GNU's may not know the script; then shared memory isn't filled.
  $link -Wl,-T,"$here/shared.ld" 2> "$out/link.log" || $link
  mv "$out/libfakecuda.so.new" "$out/libfakecuda.so"
fi

# A library of each name that the bindings are linked to, with the symbol version that they ask for and nothing in it.
for library in cuda.so.1 cudart.so.13 cublas.so.13 cublasLt.so.13 cudnn.so.9 cudnn_graph.so.9 cudnn_ops.so.9 cudnn_cnn.so.9 \
    cudnn_adv.so.9 cudnn_heuristic.so.9 cudnn_engines_precompiled.so.9 cudnn_engines_runtime_compiled.so.9 nccl.so.2; do
  if stale "$out/lib$library" "$here/build.sh"; then
    printf 'lib%s { global: fakecuda_shell_*; };\n' "$library" > "$out/version.map"
    symbol=fakecuda_shell_$(printf '%s' "$library" | tr . _)
    printf 'extern "C" int %s() { return 0; }\n' "$symbol" |
      "$cxx" -x c++ -shared -fPIC -o "$out/lib$library.new" - -Wl,-soname,"lib$library" -Wl,--version-script="$out/version.map" \
        -Wl,-rpath,'$ORIGIN' -Wl,--no-as-needed -L"$out" -lfakecuda
    mv "$out/lib$library.new" "$out/lib$library"
  fi
done
