/**
 * Sums over the replicas of a job, and where a rank listens for the others. The trainer enters; the forms that cross
 * machines are {@link io.densespark.model.libtorch.GlooProcessGroup} and {@link
 * io.densespark.model.cuda.NcclGroup}. In this module {@code backend},
 * {@code libtorch}, {@code cuda} and {@code replica} enter: three to implement them, the last to sum its gradients.
 */
package io.densespark.model.collective;
