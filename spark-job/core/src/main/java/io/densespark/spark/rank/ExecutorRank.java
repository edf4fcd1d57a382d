package io.densespark.spark.rank;

import io.densespark.data.DatasetDescription;
import io.densespark.data.batch.Examples;
import io.densespark.model.cuda.Cuda;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.tensor.Device;
import io.densespark.spark.platform.ProcessMemory;
import io.densespark.spark.resources.MemoryBudget;
import io.densespark.spark.resources.ReplicaRequest;
import java.io.File;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.Row;

/** A rank in its executor. */
record ExecutorRank(
        RankPlace place,
        Device device,
        int cores,
        int workers,
        Configuration hadoop,
        ReplicaRequest request,
        ExecutorShare share,
        Iterator<Row> rows)
        implements Rank {
    @Override
    public Examples images(DatasetDescription dataset, Path folder, String split) throws InterruptedException {
        return share.images().get(dataset, folder, hadoop, split);
    }

    @Override
    public long heapForImages() {
        return ExecutorShare.heapForImages() / place.replicasHere();
    }

    /** Ranks of one executor take turns among its disks. */
    @Override
    public java.nio.file.Path localFolder() {
        File[] folders = SparkEnv.get().blockManager().diskBlockManager().localDirs();
        return folders[place.rank() % folders.length].toPath().toAbsolutePath();
    }

    @Override
    public ReplicaSettings replica() {
        return request.within(budget(), workers, device).settings(workers, device);
    }

    private MemoryBudget budget() {
        return onGpu()
                ? MemoryBudget.ofGpu(Cuda.freeBytes(device))
                : MemoryBudget.ofMachine(
                        place.memoryAtStart(),
                        share.beforeReplicas().available(),
                        place.replicasHere(),
                        place.replicasOnMachine());
    }

    private boolean onGpu() {
        return device.kind() != Device.Kind.CPU;
    }

    @Override
    public long peakBytes() {
        if (onGpu()) {
            return Cuda.totalBytes(device) - Cuda.freeBytes(device);
        }
        long grown = ProcessMemory.peakBytes() - share.beforeReplicas().residentBytes();
        return Math.max(0, grown) / place.replicasHere();
    }
}
