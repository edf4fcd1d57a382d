/**
 * What DenseSpark is compared with: real BigDL 0.13, with the Scala 2.11 and Spark 2.4 that it needs. Nothing of the
 * product depends on it. {@code densespark benchmark bigdl} starts {@link io.densespark.bigdl.BigDlTraining} in a JVM of
 * its own; tests load {@link io.densespark.bigdl.RealBigDl} in a class loader of its own, so its methods take and give
 * types of the JDK only.
 */
package io.densespark.bigdl;
