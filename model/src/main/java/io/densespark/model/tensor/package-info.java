/**
 * Native memory, as kernels see it: matrices {@code [m, C]}, vectors, the storage that they are views of, the device on
 * which it lies, and the errors of devices. Pure data structures; who runs replicas enters for the device. In this module
 * everybody enters.
 */
package io.densespark.model.tensor;
