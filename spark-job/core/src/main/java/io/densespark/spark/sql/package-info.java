/**
 * What SQL has of DenseSpark. Spark finds {@link io.densespark.spark.sql.SqlFunctions} by itself where the job jar is on the
 * class path of a session; nobody else enters.
 *
 * <p>Spark's expressions are Scala classes, and of those only members are touched whose binary signature is the same in Scala
 * 2.12 and 2.13: one build of this package runs on Spark 3.5 and on Spark 4.
 */
package io.densespark.spark.sql;
