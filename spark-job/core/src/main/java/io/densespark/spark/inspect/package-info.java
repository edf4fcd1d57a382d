/**
 * What a network is made of and what a replica of it would take, without a cluster and without the library. The command
 * line enters.
 */
package io.densespark.spark.inspect;
