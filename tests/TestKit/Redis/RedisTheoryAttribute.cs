using Xunit;

namespace OrleansRooms.TestKit.Redis;

/// <summary>A theory that needs a redis-server. Without one it is skipped and says how to get it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RedisTheoryAttribute : TheoryAttribute
{
    /// <summary>Creates the attribute.</summary>
    public RedisTheoryAttribute()
    {
        if (RedisProgram.Find() is null)
        {
            Skip = RedisProgram.HowToGetIt;
        }
    }
}
