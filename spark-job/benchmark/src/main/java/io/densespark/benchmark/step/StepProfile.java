package io.densespark.benchmark.step;

import io.densespark.benchmark.profile.KernelTime;
import java.util.List;

/** A process' answer to {@value StepProcess#PROFILE}. */
record StepProfile(List<KernelTime> kernels) {}
