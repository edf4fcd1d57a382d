/** The platform's checks against machines that a test makes up, and against this one. */
package io.densespark.spark.platform;
