package io.densespark.data.prepare;

import org.apache.spark.Partitioner;

/** Records into the partitions that their keys name. */
final class OrderPartitioner extends Partitioner {
    private final int partitions;

    OrderPartitioner(int partitions) {
        this.partitions = partitions;
    }

    @Override
    public int numPartitions() {
        return partitions;
    }

    @Override
    public int getPartition(Object key) {
        return ((OrderKey) key).partition();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OrderPartitioner partitioner && partitioner.partitions == partitions;
    }

    @Override
    public int hashCode() {
        return partitions;
    }
}
