/**
 * The Spark job. Rooms: {@code cli} (commands and exit statuses), {@code settings} (recipes and overrides), {@code train}
 * (the driver's side and the ranks' side of training), {@code barrier} (Spark's barrier stage from Java), {@code
 * store}, {@code evaluate}, {@code metrics} (progress, results), {@code platform} (what a machine must have). This
 * package itself holds what all of them use: the error that they throw, what users read of it, and JSON.
 */
package io.densespark.spark;
