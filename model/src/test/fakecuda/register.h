// How the generated list makes the kernels known: it takes their types from themselves.
#pragma once
#include <tuple>
#include "fake.h"

namespace fake {

template <class T> bool plausible(const std::string &, size_t, const T &) { return true; }
template <class T> T translate(const T &value) { return value; }
template <class T> T *translate(T *const &pointer) { return real(pointer); }

// A pointer must be null or into memory that a kernel reaches: the device's or pinned.
template <class T> bool plausible(const std::string &name, size_t index, T *const &pointer) {
  if (!pointer || onDevice(pointer, 0) || pinned(pointer, 0)) return true;
  checkDevice(pointer, 1, name.c_str(), ("argument " + std::to_string(index)).c_str());
  return false;
}

template <class... Arguments, size_t... Index>
Call bindArguments(const std::string &name, void (*function)(Arguments...), void **values, std::index_sequence<Index...>) {
  std::tuple<std::decay_t<Arguments>...> copies{*static_cast<std::decay_t<Arguments> *>(values[Index])...};
  std::tuple<std::decay_t<Arguments>...> translated{translate(std::get<Index>(copies))...};
  return {[name, copies] { return (true && ... && plausible(name, Index, std::get<Index>(copies))) ? SUCCESS : ILLEGAL_ADDRESS; },
          [function, translated] { std::apply(function, translated); }};
}

template <class... Arguments> void addKernel(const char *name, int maxThreads, void (*function)(Arguments...)) {
  std::string text = name;
  kernels()[text] = {text, maxThreads, {sizeof(Arguments)...}, [text, function](void **values) {
    return bindArguments(text, function, values, std::index_sequence_for<Arguments...>());
  }};
}

}  // namespace fake
