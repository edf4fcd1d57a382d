/**
 * Sums over the replicas of a job. The trainer enters; the form that crosses machines is {@link
 * io.densespark.model.libtorch.GlooProcessGroup}. In this module {@code libtorch} enters, to implement them.
 */
package io.densespark.model.collective;
