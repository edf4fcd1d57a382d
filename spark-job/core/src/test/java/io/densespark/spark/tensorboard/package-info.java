/** Event files, read back by other means than those that wrote them. */
package io.densespark.spark.tensorboard;
