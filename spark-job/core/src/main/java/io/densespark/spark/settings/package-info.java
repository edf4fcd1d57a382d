/**
 * What a run is asked to do. {@link io.densespark.spark.settings.Setting} is the table of all settings; a source of them
 * (the command line, a YAML recipe, a program) is read into {@link io.densespark.spark.settings.SettingValues}, and these
 * into one immutable {@link io.densespark.spark.settings.TrainSettings}. The command line enters by {@link
 * io.densespark.spark.settings.Recipe}, everybody else gets the record.
 */
package io.densespark.spark.settings;
