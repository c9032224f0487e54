namespace OrleansRooms.ClusterLoad.Measuring;

/// <summary>One figure of ours, beside the peer's and the goal.</summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="Metric">What was measured, with its unit.</param>
/// <param name="Ours">Ours.</param>
/// <param name="Peer">The peer's from the same run; null when there is none.</param>
/// <param name="Goal">The goal; null when the figure only informs.</param>
internal sealed record Comparison(string Scenario, string Metric, double Ours, double? Peer, Goal? Goal)
{
    /// <summary>Ours as a part of the peer's.</summary>
    public double? Ratio => Peer is > 0 ? Ours / Peer : null;

    /// <summary>Whether the goal is met; null without one, or when what it compares with was not measured.</summary>
    public bool? IsMet => Goal is null || (Goal.IsRatio && Ratio is null) ? null : Goal.IsMetBy(Goal.IsRatio ? Ratio!.Value : Ours);
}

/// <summary>What a figure, or its ratio to the peer's, must not exceed or fall below.</summary>
internal sealed record Goal(bool IsRatio, double? AtMost, double? AtLeast)
{
    public static Goal RatioAtMost(double ratio) => new(IsRatio: true, ratio, null);

    public static Goal RatioAtLeast(double ratio) => new(IsRatio: true, null, ratio);

    public static Goal AtMostOf(double value) => new(IsRatio: false, value, null);

    public static Goal AtLeastOf(double value) => new(IsRatio: false, null, value);

    public bool IsMetBy(double value) => !(value > AtMost) && !(value < AtLeast);

    public override string ToString() => (AtMost is { } most ? $"≤ {most:0.##}" : $"≥ {AtLeast:0.##}") + (IsRatio ? "x" : "");
}
