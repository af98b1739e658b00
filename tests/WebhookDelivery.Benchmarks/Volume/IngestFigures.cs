namespace WebhookDelivery.Benchmarks;

/// <summary>How a server takes events in.</summary>
/// <param name="PerSecond">Over 64 connections, as fast as it can.</param>
/// <param name="Posts">How long an answer takes at a fixed rate.</param>
internal sealed record IngestFigures(double PerSecond, AnswerTimes Posts);
