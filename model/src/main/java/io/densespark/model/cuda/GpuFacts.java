package io.densespark.model.cuda;

/**
 * What a GPU is, for people.
 *
 * @param name its model
 * @param computeCapability as NVIDIA writes it, such as 9.0
 * @param memoryBytes all that it has
 * @param driver the newest CUDA that its driver is for
 * @param runtime the CUDA that is installed here
 * @param hasBfloat whether its products can be of bfloat16
 */
public record GpuFacts(
        String name, String computeCapability, long memoryBytes, String driver, String runtime, boolean hasBfloat) {}
