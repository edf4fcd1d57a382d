// Numbers of the libraries' types, read and written one by one.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>

namespace fake {

// By cuBLAS' numbers.
enum Type { FLOAT32 = 0, BFLOAT16 = 14 };

inline bool known(int type) { return type == FLOAT32 || type == BFLOAT16; }
inline size_t bytesOf(int type) { return type == FLOAT32 ? 4 : 2; }

inline float load(const void *data, int type, size_t at) {
  if (type == FLOAT32) return static_cast<const float *>(data)[at];
  uint32_t bits = static_cast<uint32_t>(static_cast<const uint16_t *>(data)[at]) << 16;
  float value;
  memcpy(&value, &bits, 4);
  return value;
}

inline void store(void *data, int type, size_t at, double value) {
  float rounded = static_cast<float>(value);
  if (type == FLOAT32) {
    static_cast<float *>(data)[at] = rounded;
    return;
  }
  uint32_t bits;
  memcpy(&bits, &rounded, 4);
  // To the nearest, ties to even; not a number stays that.
  uint16_t half = std::isnan(rounded) ? 0x7FFF : static_cast<uint16_t>((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
  static_cast<uint16_t *>(data)[at] = half;
}

// alpha * sum + beta * what is there, which isn't read if beta is 0: it may be anything then.
inline double combine(double alpha, double sum, double beta, const void *data, int type, size_t at) {
  double value = alpha == 0 ? 0 : alpha * sum;
  return beta == 0 ? value : value + beta * load(data, type, at);
}

// sums += factor * values, the inner loop of all products.
inline void addScaled(double *__restrict__ sums, const float *__restrict__ values, double factor, int size) {
  for (int i = 0; i < size; i++) sums[i] += factor * values[i];
}

}  // namespace fake
