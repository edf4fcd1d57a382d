package io.densespark.spark.rank;

import io.densespark.model.tensor.Device;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * What a rank tells the others, by way of Spark, before they can talk to each other.
 *
 * @param text the word for a failure and its reason; or the kind of device, this rank's address and the rendezvous'
 *     address, either of which may be empty, with a space between each
 */
record Announcement(String text) {
    private static final String FAILED = "FAILED ";

    /** This rank can't start. */
    static Announcement failed(String reason) {
        return new Announcement(FAILED + reason);
    }

    /**
     * This rank is ready on a device.
     *
     * @param address by which its peers reach it; empty if they don't
     * @param rendezvous the address of the one that it serves, or empty
     */
    static Announcement ready(Device device, String address, String rendezvous) {
        return new Announcement(device.kind() + " " + address + " " + rendezvous);
    }

    static List<Announcement> all(String[] texts) {
        return Arrays.stream(texts).map(Announcement::new).toList();
    }

    /** The first rank that can't start, if there is one. */
    static OptionalInt firstFailure(List<Announcement> all) {
        return IntStream.range(0, all.size())
                .filter(rank -> all.get(rank).text.startsWith(FAILED))
                .findFirst();
    }

    /** Why these ranks can't sum: NCCL does it between GPUs, Gloo in main memory, and nothing between the two. */
    static Optional<String> mixedDevices(List<Announcement> all) {
        long gpus = all.stream()
                .filter(each -> each.text.startsWith(Device.Kind.CUDA + " "))
                .count();
        return gpus == 0 || gpus == all.size()
                ? Optional.empty()
                : Optional.of(gpus + " of " + all.size()
                        + " replicas have a GPU, and the others train on CPU: give each a GPU "
                        + "(spark.task.resource.gpu.amount=1, and in spark.executor.resource.gpu.amount one for each "
                        + "replica of an executor), or none");
    }

    /** The reason of a rank that can't start. */
    String reason() {
        return text.substring(FAILED.length());
    }

    /** By which peers reach this rank that is ready. */
    String address() {
        return word(1);
    }

    /** The address of the rendezvous that this rank serves. */
    String rendezvous() {
        return word(2);
    }

    private String word(int index) {
        return text.split(" ", 3)[index];
    }
}
