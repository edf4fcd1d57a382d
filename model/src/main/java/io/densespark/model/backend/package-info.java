/**
 * Which library commands which device: {@link io.densespark.model.backend.Backends}, the one place that chooses. Whoever
 * makes replicas enters. In this module nobody enters.
 */
package io.densespark.model.backend;
