/** Tests of SQL's functions. */
package io.densespark.spark.sql;
