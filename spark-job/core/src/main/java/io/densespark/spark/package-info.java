/**
 * The Spark job. Rooms: {@code cli} (commands and exit statuses), {@code settings} (recipes and overrides), {@code train}
 * (the driver's side and the ranks' side of training), {@code barrier} (Spark's barrier stage from Java), {@code
 * checkpoint}, {@code evaluate}, {@code metrics} (progress, results), {@code platform} (what a machine must have). This
 * package itself holds only the error that all of them throw.
 */
package io.densespark.spark;
