/**
 * DenseSpark as stages of a Spark ML pipeline: an estimator that trains on a DataFrame of images, and the model that it
 * gives. Users' programs enter here; nothing else of DenseSpark does.
 */
package io.densespark.spark.ml;
