/**
 * The binding to libtorch, through JavaCPP: the only room that imports {@code org.bytedeco}. Others enter by {@link
 * io.densespark.model.libtorch.LibTorch} (memory and kernels on a device) and {@link
 * io.densespark.model.libtorch.GlooProcessGroup} (sums over replicas), and see interfaces of this module only.
 */
package io.densespark.model.libtorch;
