/** Tests of inspecting networks. */
package io.densespark.spark.inspect;
