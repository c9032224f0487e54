using Xunit;

namespace OrleansRooms.TestKit.Postgres;

/// <summary>A theory that needs a PostgreSQL server. Without one it is skipped and says how to get it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresTheoryAttribute : TheoryAttribute
{
    /// <summary>Creates the attribute.</summary>
    public PostgresTheoryAttribute()
    {
        if (PostgresPrograms.FindFolder() is null)
        {
            Skip = PostgresPrograms.HowToGetThem;
        }
    }
}
