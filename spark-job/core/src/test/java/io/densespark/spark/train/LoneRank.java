package io.densespark.spark.train;

import io.densespark.data.DatasetDescription;
import io.densespark.data.batch.Examples;
import io.densespark.data.batch.LoadedSplits;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.tensor.Device;
import io.densespark.spark.platform.AvailableMemory;
import io.densespark.spark.rank.Rank;
import io.densespark.spark.rank.RankPlace;
import io.densespark.spark.resources.ReplicaRequest;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;

/** The only rank of a run on CPU, without Spark; it has all the memory that it wants. */
record LoneRank(
        Configuration hadoop,
        ReplicaRequest request,
        long heapForImages,
        java.nio.file.Path localFolder,
        List<Row> dataFrame)
        implements Rank {
    private static final AvailableMemory PLENTY = new AvailableMemory(Long.MAX_VALUE, Long.MAX_VALUE);

    /** One without rows. */
    LoneRank(Configuration hadoop, ReplicaRequest request) {
        this(hadoop, request, Long.MAX_VALUE, java.nio.file.Path.of("nowhere"), List.of());
    }

    @Override
    public RankPlace place() {
        return new RankPlace(0, 1, "here", 1, 1, PLENTY);
    }

    @Override
    public Device device() {
        return Device.CPU;
    }

    @Override
    public int cores() {
        return 2;
    }

    @Override
    public Examples images(DatasetDescription dataset, Path folder, String split) throws InterruptedException {
        return new LoadedSplits(Long.MAX_VALUE).get(dataset, folder, hadoop, split);
    }

    @Override
    public Iterator<Row> rows() {
        return dataFrame.iterator();
    }

    @Override
    public ReplicaSettings replica() {
        return request.settings(1, Device.CPU);
    }

    @Override
    public long peakBytes() {
        return 0;
    }
}
