// One convolution, by plain loops over maps without gaps and summed in double.
#pragma once
#include <vector>
#include "fake.h"
#include "number.h"

namespace fake {

struct Tensor {
  int type = -1, n = 0, c = 0, h = 0, w = 0;
  long long stride[4] = {};

  size_t at(int in, int ih, int iw) const { return in * stride[0] + ih * stride[2] + iw * stride[3]; }
  size_t bytes() const {
    return ((n - 1) * stride[0] + (c - 1) * stride[1] + (h - 1) * stride[2] + (w - 1) * stride[3] + 1) * bytesOf(type);
  }
  size_t size() const { return static_cast<size_t>(n) * c * h * w; }
};

struct Filter {
  int type = -1, format = 0, k = 0, c = 0, r = 0, s = 0;

  size_t size() const { return static_cast<size_t>(k) * c * r * s; }
  size_t at(int ik, int ic, int ir, int is) const {
    return format == 1 ? ((static_cast<size_t>(ik) * r + ir) * s + is) * c + ic : ((static_cast<size_t>(ik) * c + ic) * r + ir) * s + is;
  }
};

struct Convolution {
  int pad[2] = {}, stride[2] = {1, 1}, dilation[2] = {1, 1}, mode = 1, compute = -1, math = 0, groups = 1;

  int output(int axis, int input, int filter) const {
    return (input + 2 * pad[axis] - (dilation[axis] * (filter - 1) + 1)) / stride[axis] + 1;
  }
};

enum Pass { FORWARD, DATA, FILTER };

inline const char *name(Pass pass) {
  return pass == FORWARD ? "cudnnConvolutionForward" : pass == DATA ? "cudnnConvolutionBackwardData" : "cudnnConvolutionBackwardFilter";
}

// One convolution: x [n, h, w, c] and w [k, r, s, c] to y, in whichever direction. The descriptors' values are copied, as
// a graph outlives them.
struct Problem {
  Pass pass;
  Tensor x, y;
  Filter w;
  Convolution convolution;
  const void *xData = nullptr, *yData = nullptr, *wData = nullptr;
  double alpha = 1, beta = 0;

  std::vector<float> gather(const Tensor &tensor, const void *data) const {
    std::vector<float> map(tensor.size());
    size_t to = 0;
    for (int n = 0; n < tensor.n; n++)
      for (int h = 0; h < tensor.h; h++)
        for (int v = 0; v < tensor.w; v++)
          for (int c = 0; c < tensor.c; c++) map[to++] = load(real(data), tensor.type, tensor.at(n, h, v) + c * tensor.stride[1]);
    return map;
  }

  void put(void *data, int type, size_t at, double sum) const { store(real(data), type, at, combine(alpha, sum, beta, real(data), type, at)); }

  void scatter(const Tensor &tensor, void *data, const std::vector<double> &map) const {
    size_t from = 0;
    for (int n = 0; n < tensor.n; n++)
      for (int h = 0; h < tensor.h; h++)
        for (int v = 0; v < tensor.w; v++)
          for (int c = 0; c < tensor.c; c++) put(data, tensor.type, tensor.at(n, h, v) + c * tensor.stride[1], map[from++]);
  }

  // For every output position and filter element whose input lies inside the map: the numbers of the two positions.
  template <class Visit> void visit(Visit visit) const {
    for (int n = 0; n < y.n; n++)
      for (int oh = 0; oh < y.h; oh++)
        for (int ow = 0; ow < y.w; ow++)
          for (int r = 0; r < w.r; r++)
            for (int s = 0; s < w.s; s++) {
              int h = oh * convolution.stride[0] - convolution.pad[0] + r * convolution.dilation[0];
              int v = ow * convolution.stride[1] - convolution.pad[1] + s * convolution.dilation[1];
              if (h < 0 || h >= x.h || v < 0 || v >= x.w) continue;
              // A convolution in the narrow sense turns the filter, a cross-correlation doesn't.
              int fr = convolution.mode == 0 ? w.r - 1 - r : r, fs = convolution.mode == 0 ? w.s - 1 - s : s;
              visit((static_cast<size_t>(n) * y.h + oh) * y.w + ow, (static_cast<size_t>(n) * x.h + h) * x.w + v, fr * w.s + fs);
            }
  }

  void run() const {
    if (pass == FILTER) return runFilter();
    // The weights of a filter element side by side, with the dimension innermost that is summed into.
    bool forward = pass == FORWARD;
    size_t wide = static_cast<size_t>(w.k) * w.c;
    std::vector<float> weights(w.size());
    for (int r = 0; r < w.r; r++)
      for (int s = 0; s < w.s; s++)
        for (int k = 0; k < w.k; k++)
          for (int c = 0; c < w.c; c++)
            weights[(r * w.s + s) * wide + (forward ? static_cast<size_t>(c) * w.k + k : static_cast<size_t>(k) * w.c + c)] =
                load(real(wData), w.type, w.at(k, c, r, s));
    if (forward) {
      std::vector<float> input = gather(x, xData);
      std::vector<double> output(y.size());
      visit([&](size_t to, size_t from, int element) {
        for (int c = 0; c < w.c; c++)
          addScaled(&output[to * w.k], &weights[element * wide + static_cast<size_t>(c) * w.k], input[from * w.c + c], w.k);
      });
      scatter(y, const_cast<void *>(yData), output);
    } else {
      std::vector<float> gradient = gather(y, yData);
      std::vector<double> output(x.size());
      visit([&](size_t from, size_t to, int element) {
        for (int k = 0; k < w.k; k++)
          addScaled(&output[to * w.c], &weights[element * wide + static_cast<size_t>(k) * w.c], gradient[from * w.k + k], w.c);
      });
      scatter(x, const_cast<void *>(xData), output);
    }
  }

  void runFilter() const {
    std::vector<float> input = gather(x, xData), gradient = gather(y, yData);
    std::vector<double> sums(w.size());
    size_t wide = static_cast<size_t>(w.k) * w.c;
    visit([&](size_t of, size_t from, int element) {
      for (int k = 0; k < w.k; k++)
        addScaled(&sums[element * wide + static_cast<size_t>(k) * w.c], &input[from * w.c], gradient[of * w.k + k], w.c);
    });
    for (int r = 0; r < w.r; r++)
      for (int s = 0; s < w.s; s++)
        for (int k = 0; k < w.k; k++)
          for (int c = 0; c < w.c; c++)
            put(const_cast<void *>(wData), w.type, w.at(k, c, r, s), sums[(r * w.s + s) * wide + static_cast<size_t>(k) * w.c + c]);
  }

  bool reachable() const {
    const char *who = name(pass);
    return checkDevice(xData, x.bytes(), who, pass == DATA ? "dx" : "x") && checkDevice(yData, y.bytes(), who, pass == FORWARD ? "y" : "dy") &&
           checkDevice(wData, w.size() * bytesOf(w.type), who, pass == FILTER ? "dw" : "w");
  }
};

}  // namespace fake
