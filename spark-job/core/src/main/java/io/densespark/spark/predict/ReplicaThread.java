package io.densespark.spark.predict;

import io.densespark.model.replica.Inference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A replica and the one thread that may use it. Tasks give it batches, and it answers one after the other in their order, small
 * ones that wait already together; a batch that nobody waits for any more is passed over.
 */
final class ReplicaThread {
    private final Engine.Opener opener;
    private final int batch;
    private final Owner owner;
    private final BlockingQueue<BatchRequest> queue = new LinkedBlockingQueue<>();
    private Optional<Throwable> failure = Optional.empty();

    /** Who decides how long the replica stays. Called from the replica's thread. */
    interface Owner {
        /** For how many nanoseconds more the replica is to wait for tasks; empty as long as one holds it. */
        OptionalLong nanosLeft();

        /** Whether the replica may end: then no task can come to hold it any more. */
        boolean letsEnd();

        /** There is no replica: no task is to come to hold it any more. */
        void failed();
    }

    /** @param batch images that may go through the network at a time where several requests are joined */
    ReplicaThread(Engine.Opener opener, int batch, Owner owner) {
        this.opener = opener;
        this.batch = batch;
        this.owner = owner;
    }

    /** Makes the replica, and begins to answer. */
    void start() {
        Thread thread = new Thread(this::run, "densespark-replica");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Gives the replica a batch.
     *
     * @param pixels {@code [N, H, W, C]}; may be longer, and isn't copied
     * @param images N
     * @return the answer; whoever cancels it doesn't want the batch computed any more
     */
    synchronized CompletableFuture<Inference> submit(byte[] pixels, int images) {
        if (failure.isPresent()) {
            return CompletableFuture.failedFuture(failure.get());
        }
        CompletableFuture<Inference> answer = new CompletableFuture<>();
        queue.add(new BatchRequest(pixels, images, answer));
        return answer;
    }

    /** Lets the thread ask its owner anew. */
    void wake() {
        queue.add(BatchRequest.NONE);
    }

    private void run() {
        try (Engine engine = opener.open()) {
            for (Optional<BatchRequest> next = next(); next.isPresent(); next = next()) {
                BatchRequest.serve(withOthers(next.get(), engine), engine);
            }
        } catch (RuntimeException | Error | InterruptedException e) {
            owner.failed();
            fail(e);
        }
    }

    /** The next batch; empty if the replica is to end. */
    private Optional<BatchRequest> next() throws InterruptedException {
        while (true) {
            OptionalLong left = owner.nanosLeft();
            Optional<BatchRequest> request = left.isEmpty()
                    ? Optional.of(queue.take())
                    : Optional.ofNullable(queue.poll(left.getAsLong(), TimeUnit.NANOSECONDS));
            if (request.isPresent() || owner.letsEnd()) {
                return request;
            }
        }
    }

    /** A request, and those that wait behind it as far as they make no more than a batch together. */
    private List<BatchRequest> withOthers(BatchRequest first, Engine engine) {
        List<BatchRequest> together = new ArrayList<>(List.of(first));
        int images = first.images();
        BatchRequest next = first.canBeJoined(engine) ? queue.peek() : null;
        while (next != null && next.canBeJoined(engine) && images + next.images() <= batch) {
            together.add(queue.remove());
            images += next.images();
            next = queue.peek();
        }
        return together;
    }

    private synchronized void fail(Throwable error) {
        failure = Optional.of(error);
        queue.forEach(request -> request.answer().completeExceptionally(error));
        queue.clear();
    }
}
