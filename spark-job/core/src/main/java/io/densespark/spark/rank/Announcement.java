package io.densespark.spark.rank;

import io.densespark.model.tensor.Device;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * What a rank tells the others, by way of Spark, before they can talk to each other.
 *
 * @param text one word that says which kind it is, a space, and the reason or the rendezvous' address
 */
record Announcement(String text) {
    private static final String FAILED = "FAILED ";

    /** This rank can't start. */
    static Announcement failed(String reason) {
        return new Announcement(FAILED + reason);
    }

    /** This rank is ready on a device; {@code address} is the rendezvous' that it serves, or empty. */
    static Announcement ready(Device device, String address) {
        return new Announcement(device.kind() + " " + address);
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

    /** True if every rank has a GPU, between which NCCL sums; Gloo does it in main memory. */
    static boolean areAllOnGpus(List<Announcement> all) {
        return all.stream().allMatch(each -> each.text.startsWith(Device.Kind.CUDA + " "));
    }

    /** The reason of a rank that can't start, or the rendezvous' address of the rank that serves it. */
    String rest() {
        return text.substring(text.indexOf(' ') + 1);
    }
}
