/** Tests of what an evaluation counts. */
package io.densespark.spark.evaluate;
