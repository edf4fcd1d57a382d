package io.densespark.data.prepare;

import java.io.Serializable;

/**
 * A record's place: a partition, and within it by the hash of the name ({@link KeyHash#ORDER}) and the name itself. No Java
 * record: Spark's data may be written by a serializer that knows none.
 */
final class OrderKey implements Comparable<OrderKey>, Serializable {
    private final int partition;
    private final long hash;
    private final String name;

    OrderKey(int partition, long hash, String name) {
        this.partition = partition;
        this.hash = hash;
        this.name = name;
    }

    int partition() {
        return partition;
    }

    long hash() {
        return hash;
    }

    String name() {
        return name;
    }

    @Override
    public int compareTo(OrderKey other) {
        int order = Integer.compare(partition, other.partition);
        if (order == 0) {
            order = Long.compare(hash, other.hash);
        }
        return order != 0 ? order : name.compareTo(other.name);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OrderKey key && compareTo(key) == 0;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(hash);
    }
}
