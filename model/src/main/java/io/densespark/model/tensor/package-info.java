/**
 * Native memory, as kernels see it: matrices {@code [m, C]}, vectors, the storage that they are views of, and the device on
 * which it lies. Pure data structures; everybody in this module enters, and Spark's side for the device.
 */
package io.densespark.model.tensor;
