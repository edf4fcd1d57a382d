package io.densespark.benchmark.step;

/**
 * A process' answer to {@value StepProcess#MEMORY}; 0 for what an implementation doesn't tell.
 *
 * @param bytes that the measured network has added to the peak of resident memory, or to the memory in use of its GPU
 * @param peakResidentBytes the most that the whole process ever had resident
 */
public record StepMemory(long bytes, long peakResidentBytes) {}
