/** What the build makes: the job jar, and the launcher around it. */
package io.densespark.spark.packaging;
