/** Tests of the stages of Spark ML. */
package io.densespark.spark.ml;
