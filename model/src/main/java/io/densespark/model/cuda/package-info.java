/**
 * The backend for NVIDIA GPUs: a replica's memory and passes by CUDA's runtime, cuBLAS and cuDNN, without libtorch. Beside
 * {@code libtorch} the only room that imports {@code org.bytedeco}. Others enter by {@link
 * io.densespark.model.cuda.Cuda} and {@link io.densespark.model.cuda.NcclGroup} (sums over replicas), and see interfaces of
 * this module only. In this module {@code backend} enters.
 */
package io.densespark.model.cuda;
