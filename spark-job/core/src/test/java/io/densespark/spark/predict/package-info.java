/** Tests of predictions on DataFrames. */
package io.densespark.spark.predict;
