/**
 * The Spark job. Rooms: {@code cli} (commands and exit statuses), {@code settings} (recipes and overrides), {@code
 * resources} (slots, memory and devices that replicas may have), {@code barrier} (Spark's barrier stage from Java), {@code
 * rank} (tasks that become ranks of a process group), {@code train}, {@code evaluate}, {@code predict}, {@code ml} (Spark ML's
 * estimator and model), {@code sql} (functions of SQL), {@code exchange} (models in and out), {@code inspect} (plans without a
 * cluster), {@code store} (checkpoints, model folders, results), {@code metrics} (progress), {@code tensorboard} (its event
 * files), {@code platform} (what a machine must have). This package itself holds
 * what all of them use: the error that they throw, what users read of it, and JSON.
 */
package io.densespark.spark;
