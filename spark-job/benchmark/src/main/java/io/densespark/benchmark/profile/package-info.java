/**
 * Where the time of DenseSpark's step goes, kernel by kernel. The measured process ({@code step}) enters by {@link
 * io.densespark.benchmark.profile.KernelTimes}, the benchmark that prints ({@code replica}) by {@link
 * io.densespark.benchmark.profile.ProfileTable}.
 */
package io.densespark.benchmark.profile;
