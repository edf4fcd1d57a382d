/** Model folders ({@code model.safetensors} and {@code model.json}) on any Hadoop file system. Everybody may enter. */
package io.densespark.spark.modelfolder;
