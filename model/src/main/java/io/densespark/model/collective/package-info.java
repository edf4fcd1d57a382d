/**
 * Sums over the replicas of a job. The trainer enters; the form that crosses machines is {@link
 * io.densespark.model.libtorch.GlooProcessGroup}.
 */
package io.densespark.model.collective;
