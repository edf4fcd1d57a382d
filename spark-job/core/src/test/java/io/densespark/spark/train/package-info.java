/** Training as users run it: the job jar, submitted by Spark's own spark-submit, in executor processes. */
package io.densespark.spark.train;
