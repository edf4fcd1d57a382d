package io.densespark.spark.predict;

import io.densespark.model.replica.Inference;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Images for a replica, and its answer. Whoever cancels the answer doesn't want it computed any more.
 *
 * @param pixels {@code [N, H, W, C]}; may be longer
 * @param images N
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record BatchRequest(byte[] pixels, int images, CompletableFuture<Inference> answer) {
    static final BatchRequest NONE = new BatchRequest(new byte[0], 0, CompletableFuture.completedFuture(null));

    /** Whether its pixels are those of its images and no more, so that others' may stand behind them. */
    boolean canBeJoined(Engine engine) {
        return pixels.length == images * engine.imageBytes();
    }

    /** Answers requests by one run through the network; several only if they can be joined. */
    static void serve(List<BatchRequest> requests, Engine engine) {
        List<BatchRequest> wanted =
                requests.stream().filter(request -> !request.answer().isDone()).toList();
        try {
            if (wanted.size() == 1) {
                BatchRequest request = wanted.get(0);
                request.answer().complete(engine.infer(request.pixels(), request.images()));
            } else if (!wanted.isEmpty()) {
                serveTogether(wanted, engine);
            }
        } catch (RuntimeException | Error e) {
            wanted.forEach(request -> request.answer().completeExceptionally(e));
        }
    }

    private static void serveTogether(List<BatchRequest> requests, Engine engine) {
        int images = requests.stream().mapToInt(BatchRequest::images).sum();
        byte[] pixels = new byte[images * engine.imageBytes()];
        int end = 0;
        for (BatchRequest request : requests) {
            System.arraycopy(request.pixels(), 0, pixels, end, request.pixels().length);
            end += request.pixels().length;
        }
        Inference all = engine.infer(pixels, images);
        int first = 0;
        for (BatchRequest request : requests) {
            int next = first + request.images();
            request.answer()
                    .complete(new Inference(
                            rows(all.logits(), images, first, next), rows(all.features(), images, first, next)));
            first = next;
        }
    }

    /** Rows {@code first} to {@code next} of {@code [images, n]}. */
    private static float[] rows(float[] values, int images, int first, int next) {
        int columns = values.length / images;
        return Arrays.copyOfRange(values, first * columns, next * columns);
    }
}
