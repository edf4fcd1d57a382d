package io.densespark.spark.settings;

import java.util.Optional;

/**
 * Where a run reads and writes, on any Hadoop file system.
 *
 * @param data folder of the prepared data set
 * @param save folder for checkpoints, results and the model
 * @param init file or model folder with the weights to begin with; empty for random ones
 */
public record Places(String data, String save, Optional<String> init) {
    /** @throws io.densespark.spark.JobException naming the place that is blank */
    public Places {
        Setting.DATA.require(data);
        Setting.SAVE.require(save);
        init.ifPresent(Setting.INIT::require);
    }
}
